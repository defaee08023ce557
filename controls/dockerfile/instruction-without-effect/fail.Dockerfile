FROM registry.example/base:1.2
# finding
CMD ["a"]
# finding
ENTRYPOINT ["b"]
CMD ["c"]
ENTRYPOINT ["d"]
