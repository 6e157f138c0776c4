"""Changes of contracts: signed, looked after, read, changed, ended, paid, told to the central platform."""
