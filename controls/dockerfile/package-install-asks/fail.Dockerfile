FROM registry.example/base:1.2
RUN apt-get update \
  # finding
  && apt-get install --no-install-recommends make
# finding
RUN yum install make
