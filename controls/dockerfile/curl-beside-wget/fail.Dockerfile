# finding
FROM registry.example/base:1.2
RUN curl -O https://example.com/a
RUN wget https://example.com/b
