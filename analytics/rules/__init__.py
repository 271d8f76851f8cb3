"""The rules that place costs: model, impact, suggestions and dry runs."""
