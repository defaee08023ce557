FROM registry.example/base:1.2
COPY a b /c/
COPY a b .
COPY a /c
COPY a b $D
