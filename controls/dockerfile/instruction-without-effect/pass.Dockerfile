FROM registry.example/base:1.2 AS a
CMD ["a"]
FROM a
CMD ["b"]
HEALTHCHECK CMD c
