FROM registry.example/base:1.2 AS build
RUN apt-get update && apt-get install -y make

FROM registry.example/base:1.2
RUN apt-get update && apt-get install -y make && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y make
RUN apk add --no-cache make
RUN yum install -y make && yum clean all
RUN dnf install -y make && rm -rf /var/cache/dnf
RUN zypper -n in make && zypper cc -a
