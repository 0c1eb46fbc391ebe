"""The only SSH algorithms spoken, in order of choice (docs/spec/ssh.md §2).

Named one by one because the library's own list still holds SHA-1 key exchange and
puts a slower cipher first between its own peers.
"""

KEY_EXCHANGE = ("mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org")
CIPHERS = ("aes256-gcm@openssh.com", "aes128-gcm@openssh.com")
# Both ciphers authenticate by themselves; the protocol still wants a MAC named.
MACS = ("hmac-sha2-256-etm@openssh.com",)
SIGNATURES = ("ssh-ed25519",)
HOST_CERTIFICATE = ("ssh-ed25519-cert-v01@openssh.com",)
HOST_KEY = ("ssh-ed25519",)
COMPRESSION = ("none",)  # what travels is already compressed and sealed
