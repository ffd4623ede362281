"""`python -m consentry.cli`: the same as `consentry`."""

from consentry.cli.main import main

if __name__ == "__main__":
    main()
