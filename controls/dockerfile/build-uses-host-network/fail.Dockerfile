FROM registry.example/base:1.2
# finding
RUN --network=host make
