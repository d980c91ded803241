"""The way in: what stands between the network and a program of ours. Knows neither the office nor the hall."""
