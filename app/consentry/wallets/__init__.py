"""Key files for those without a browser at hand: they sign, after checking what they are asked to sign."""
