"""What may be done with certificates: issued, corrected, told to the province."""
