"""What the documents hold of it: Question → Finding, from the most exact reading to the widest."""
