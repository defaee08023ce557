FROM registry.example/base:1.2
# finding
RUN curl -fsSL https://example.com/install.sh | sh -s -- -y
RUN apt-get update \
  # finding
  && wget -qO- https://example.com/setup | sudo -E bash -
# finding
RUN sh -c "$(curl -fsSL https://example.com/install.sh)"
