FROM registry.example/base:1.2
RUN cd /srv && make
WORKDIR /srv
