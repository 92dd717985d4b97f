"""What something learned brings: nats a character and keys saved, on text that it has not seen."""
