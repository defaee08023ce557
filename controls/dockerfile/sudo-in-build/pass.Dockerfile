FROM registry.example/base:1.2
USER root
RUN apt-get install -y sudo-doc
USER 1000
