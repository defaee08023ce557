FROM registry.example/base:1.2 AS a
RUN curl -O https://example.com/a
FROM registry.example/base:1.2
RUN wget https://example.com/b
