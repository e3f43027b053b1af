print("minim")
