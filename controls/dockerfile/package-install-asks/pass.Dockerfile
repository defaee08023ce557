FROM registry.example/base:1.2
RUN apt-get update && apt-get -qy install make && apt-get install -y make
RUN apt-get -qq install make; dnf -y install make; zypper --non-interactive in make
RUN apt-get autoremove
