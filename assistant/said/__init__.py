"""Finding → words, files and tables; nothing is shown that its clauses do not say."""
