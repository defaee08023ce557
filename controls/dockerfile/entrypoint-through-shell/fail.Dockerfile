FROM registry.example/base:1.2
# finding
CMD /app --flag
