FROM registry.example/base:1.2
RUN curl -fsSLO https://example.com/install.sh && echo "$SUM  install.sh" | sha256sum -c && sh install.sh
RUN curl -fsSL https://example.com/key | gpg --dearmor -o /k.gpg
RUN curl -fsSL https://example.com/x.tgz | tar -xz
