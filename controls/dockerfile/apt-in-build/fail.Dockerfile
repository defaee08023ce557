FROM registry.example/base:1.2
# finding
RUN apt update && echo ok
