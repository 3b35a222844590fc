def load_tips(communes):
    pass
