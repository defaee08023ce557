FROM registry.example/base:1.2
RUN apt-get update \
  # finding
  && apt-get install -y make
# finding
RUN apk add make
# finding
RUN dnf install -y make
# finding
RUN zypper -n in make
