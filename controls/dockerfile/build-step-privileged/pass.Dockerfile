FROM registry.example/base:1.2
RUN --security=sandbox make
RUN make
