"""The pages of an empty box: from the invitation code to the first administrator."""
