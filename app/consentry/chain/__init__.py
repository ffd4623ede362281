"""The chain behind the Ledger and Sender ports (design D6): transport, ABIs, reads, transactions, nodes."""
