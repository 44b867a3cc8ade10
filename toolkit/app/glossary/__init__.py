"""Glossary: what the words mean, and the rules that are in force."""
