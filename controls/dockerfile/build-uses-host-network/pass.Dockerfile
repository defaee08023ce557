FROM registry.example/base:1.2
RUN --network=none make
