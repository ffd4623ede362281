"""What a gateway keeps in SQL: the index of everybody's anchored entries, and its own author's and desk's books."""
