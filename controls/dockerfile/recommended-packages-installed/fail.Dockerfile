FROM registry.example/base:1.2
RUN apt-get update \
  # finding
  && apt-get install -y make
