FROM registry.example/base:1.2
RUN apt-get update && apt-get upgrade -y
