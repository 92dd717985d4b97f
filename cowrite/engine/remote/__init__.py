"""A completion server as another engine: the program that speaks our lines inward and HTTP outward."""
