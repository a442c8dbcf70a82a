"""The questions that graphkit answers, and what an answer is."""
