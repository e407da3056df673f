"""What is asked: the user's words → a frozen Question, read without looking anything up."""
