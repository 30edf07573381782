"""The inalterable ledger (« registre »): what was issued, received or exported, chained by digests.

Append-only. Each journal is one chain: an entry carries the digest of the one before it, so that
an edited, missing or moved entry shows. Posting, number and chain link commit together
(CGI art. 286-I-3° bis; BOI-TVA-DECLA-30-10-30). `docs/contextes/registre.md` tells the whole.
"""
