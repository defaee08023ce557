# finding
FROM registry.example/app:1.2
