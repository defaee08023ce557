FROM registry.example/base:1.2
# finding
RUN apt-get update
RUN apt-get install -y make
# finding
RUN apk update
