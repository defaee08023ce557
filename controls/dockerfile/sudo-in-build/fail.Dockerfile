FROM registry.example/base:1.2
RUN apt-get update \
  # finding
  && sudo apt-get install -y make
