FROM registry.example/base:1.2
RUN apk add x && apt-get install -y x && dnf install -y x && rpm -i x.rpm
