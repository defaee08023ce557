FROM registry.example/base:1.2
# finding
MAINTAINER me
