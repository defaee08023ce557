FROM registry.example/base:1.2
RUN apt-get update && apt-get install -y --no-install-recommends make
RUN apt-get -o APT::Install-Recommends=false install -y make
