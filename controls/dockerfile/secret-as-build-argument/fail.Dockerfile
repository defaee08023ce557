FROM registry.example/base:1.2
# finding
ARG GITHUB_TOKEN
RUN fetch
