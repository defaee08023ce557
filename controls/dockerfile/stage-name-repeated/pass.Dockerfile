FROM registry.example/base:1.2 AS a
FROM registry.example/base:1.2 AS b
FROM a
