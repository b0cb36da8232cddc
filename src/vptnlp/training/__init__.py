"""Training: fit, calibrate, write a bundle."""
