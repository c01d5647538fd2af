"""How many did nobody record? Multiple-systems estimation from linked lists, or a refusal where data is too thin."""
