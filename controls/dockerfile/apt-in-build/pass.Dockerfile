FROM registry.example/base:1.2
RUN apt-get update && echo apt
