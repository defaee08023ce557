# finding
FROM registry.example/base:1.2 AS a
# finding
FROM registry.example/base:1.2 AS A
