FROM registry.example/base:1.2
ENV HOME=/srv
WORKDIR /app
WORKDIR $HOME/app
WORKDIR ${OTHER}
WORKDIR C:\\app
