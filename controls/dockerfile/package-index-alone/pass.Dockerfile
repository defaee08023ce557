FROM registry.example/base:1.2
RUN apt-get update && apt-get install -y make
RUN apk update && apk add make
RUN yum update -y
RUN --mount=type=cache,target=/var/lib/apt apt-get update
